-- DropForeignKey
ALTER TABLE "public"."Post" DROP CONSTRAINT "two";

-- AddForeignKey
ALTER TABLE "public"."Post" ADD CONSTRAINT "one" FOREIGN KEY ("authorId") REFERENCES "public"."User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
