-- DropIndex
DROP INDEX "public"."A_z_key";

-- DropIndex
DROP INDEX "public"."A_z_b_idx";

-- AlterTable
ALTER TABLE "public"."A" DROP COLUMN "z",
ADD COLUMN     "a" TEXT NOT NULL;

-- CreateIndex
CREATE INDEX "A_a_b_idx" ON "public"."A"("a" ASC, "b" ASC);

-- CreateIndex
CREATE UNIQUE INDEX "A_a_key" ON "public"."A"("a" ASC);
