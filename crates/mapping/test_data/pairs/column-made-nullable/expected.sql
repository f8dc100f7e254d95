-- AlterTable
ALTER TABLE "Lesson" ALTER COLUMN "startAt" DROP NOT NULL;
