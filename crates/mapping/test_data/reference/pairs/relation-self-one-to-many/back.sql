-- DropForeignKey
ALTER TABLE "public"."Node" DROP CONSTRAINT "Node_parentId_fkey";

-- AlterTable
ALTER TABLE "public"."Node" DROP COLUMN "parentId";
