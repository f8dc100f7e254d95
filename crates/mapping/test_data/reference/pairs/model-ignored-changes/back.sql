-- DropIndex
DROP INDEX "public"."B_age_idx";

-- AlterTable
ALTER TABLE "public"."B" DROP COLUMN "age",
ALTER COLUMN "name" SET NOT NULL;
