-- DropIndex
DROP INDEX "public"."A_email_name_key";

-- CreateIndex
CREATE UNIQUE INDEX "A_email_key" ON "public"."A"("email" ASC);
