-- AlterTable
ALTER TABLE "Thing8" ADD COLUMN     "b" TEXT,
ADD COLUMN     "c" INTEGER;
