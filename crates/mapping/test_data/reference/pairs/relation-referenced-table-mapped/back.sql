-- DropForeignKey
ALTER TABLE "public"."posts" DROP CONSTRAINT "posts_author id_fkey";

-- DropTable
DROP TABLE "public"."app users";

-- DropTable
DROP TABLE "public"."posts";
