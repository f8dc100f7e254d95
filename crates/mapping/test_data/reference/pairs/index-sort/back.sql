-- DropIndex
DROP INDEX "public"."A_a_key";

-- DropIndex
DROP INDEX "public"."A_a_idx";

-- DropIndex
DROP INDEX "public"."A_b_c_idx";

-- DropIndex
DROP INDEX "public"."A_b_c_key";

-- CreateIndex
CREATE INDEX "A_a_idx" ON "public"."A"("a" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "A_a_key" ON "public"."A"("a" ASC);

-- CreateIndex
CREATE INDEX "A_b_c_idx" ON "public"."A"("b" ASC, "c" DESC);
