-- DropIndex
DROP INDEX "public"."A_full_name_key";

-- DropIndex
DROP INDEX "public"."A_full_name_id_idx";

-- AlterTable
ALTER TABLE "public"."A" DROP COLUMN "full_name",
ADD COLUMN     "name" TEXT NOT NULL;

-- CreateIndex
CREATE INDEX "A_name_id_idx" ON "public"."A"("name" ASC, "id" ASC);

-- CreateIndex
CREATE UNIQUE INDEX "A_name_key" ON "public"."A"("name" ASC);
