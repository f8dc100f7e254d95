-- CreateEnum
CREATE TYPE "Level" AS ENUM ('low', 'high');

-- AlterTable
ALTER TABLE "T" ADD COLUMN     "level" "Level" NOT NULL DEFAULT 'low';
