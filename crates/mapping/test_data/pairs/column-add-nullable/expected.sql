-- AlterTable
ALTER TABLE "Lesson" ADD COLUMN     "nickname" TEXT;
