-- AlterTable
ALTER TABLE "public"."A" DROP COLUMN "at",
DROP COLUMN "name",
DROP COLUMN "uid";
