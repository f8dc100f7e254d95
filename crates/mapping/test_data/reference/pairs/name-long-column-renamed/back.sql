-- DropIndex
DROP INDEX "public"."ModelWithAQuiteLongNameForATable_secondColumnWithAVeryLongN_idx";

-- CreateIndex
CREATE INDEX "ModelWithAQuiteLongNameForATable_firstColumnWithAVeryLongNa_idx" ON "public"."ModelWithAQuiteLongNameForATable"("firstColumnWithAVeryLongNameIndeedSoLong" ASC, "secondColumnWithAVeryLongNameIndeedSoLong" ASC);
