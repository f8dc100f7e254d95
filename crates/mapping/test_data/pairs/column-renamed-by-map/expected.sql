-- AlterTable
ALTER TABLE "Lesson" DROP COLUMN "note",
ADD COLUMN     "remark" TEXT;
