-- AlterTable
ALTER TABLE "Lesson" ALTER COLUMN "note" SET NOT NULL;
