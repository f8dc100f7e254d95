-- DropForeignKey
ALTER TABLE "public"."Post" DROP CONSTRAINT "Post_reviewerId_fkey";

-- AlterTable
ALTER TABLE "public"."Post" DROP COLUMN "reviewerId";
