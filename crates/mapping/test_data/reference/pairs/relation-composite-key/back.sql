-- DropForeignKey
ALTER TABLE "public"."Post" DROP CONSTRAINT "Post_org_userId_fkey";
