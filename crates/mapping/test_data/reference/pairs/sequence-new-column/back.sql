-- AlterTable
ALTER TABLE "public"."A" DROP COLUMN "n";
