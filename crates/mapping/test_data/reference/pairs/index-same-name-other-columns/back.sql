-- DropIndex
DROP INDEX "public"."the_index";

-- CreateIndex
CREATE INDEX "the_index" ON "public"."A"("a" ASC);
