-- DropIndex
DROP INDEX "T_a_key";

-- DropIndex
DROP INDEX "T_a_idx";

-- DropIndex
DROP INDEX "T_a_b_idx";

-- DropIndex
DROP INDEX "by_b";

-- CreateIndex
CREATE UNIQUE INDEX "T_b_key" ON "T"("b");

-- CreateIndex
CREATE INDEX "T_b_a_idx" ON "T"("b", "a" DESC);

-- CreateIndex
CREATE INDEX "T_c_idx" ON "T" USING GIN ("c" jsonb_path_ops);

-- CreateIndex
CREATE INDEX "by_hash" ON "T" USING HASH ("a");

-- CreateIndex
CREATE INDEX "T_b_idx" ON "T" USING BRIN ("b" int4_bloom_ops);

-- CreateIndex
CREATE UNIQUE INDEX "T_a_b_key" ON "T"("a", "b");
