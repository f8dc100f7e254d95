-- AlterTable
ALTER TABLE "T" DROP COLUMN "level";

-- DropEnum
DROP TYPE "Level";
