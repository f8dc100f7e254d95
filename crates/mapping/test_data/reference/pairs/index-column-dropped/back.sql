-- AlterTable
ALTER TABLE "public"."A" ADD COLUMN     "a" TEXT NOT NULL,
ADD COLUMN     "c" INTEGER NOT NULL;

-- CreateIndex
CREATE INDEX "A_a_b_idx" ON "public"."A"("a" ASC, "b" ASC);

-- CreateIndex
CREATE UNIQUE INDEX "A_a_key" ON "public"."A"("a" ASC);

-- CreateIndex
CREATE UNIQUE INDEX "A_b_c_key" ON "public"."A"("b" ASC, "c" ASC);
