-- DropIndex
DROP INDEX "public"."A_a_idx";

-- DropIndex
DROP INDEX "public"."A_a_b_idx";

-- CreateIndex
CREATE UNIQUE INDEX "A_a_b_key" ON "public"."A"("a" ASC, "b" ASC);

-- CreateIndex
CREATE UNIQUE INDEX "A_a_key" ON "public"."A"("a" ASC);
