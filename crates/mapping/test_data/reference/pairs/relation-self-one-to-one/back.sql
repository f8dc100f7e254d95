-- DropForeignKey
ALTER TABLE "public"."Node" DROP CONSTRAINT "Node_nextId_fkey";

-- DropIndex
DROP INDEX "public"."Node_nextId_key";

-- AlterTable
ALTER TABLE "public"."Node" DROP COLUMN "nextId";
