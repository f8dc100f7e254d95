-- DropForeignKey
ALTER TABLE "Lesson" DROP CONSTRAINT "Lesson_schoolId_fkey";

-- DropTable
DROP TABLE "Lesson";
