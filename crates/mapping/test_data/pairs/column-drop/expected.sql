-- AlterTable
ALTER TABLE "Lesson" DROP COLUMN "note";
