-- AlterTable
ALTER TABLE "public"."A" DROP COLUMN "other",
DROP COLUMN "secret";
