-- DropForeignKey
ALTER TABLE "public"."Post" DROP CONSTRAINT "Post_y_x_fkey";

-- AddForeignKey
ALTER TABLE "public"."Post" ADD CONSTRAINT "Post_x_y_fkey" FOREIGN KEY ("x", "y") REFERENCES "public"."User"("a", "b") ON DELETE RESTRICT ON UPDATE CASCADE;
