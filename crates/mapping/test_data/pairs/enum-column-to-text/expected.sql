-- AlterTable
ALTER TABLE "T" DROP COLUMN "plain",
ADD COLUMN     "plain" TEXT;
