-- CreateEnum
CREATE TYPE "Status" AS ENUM ('draft', 'live', 'gone');

-- AlterTable
ALTER TABLE "Post" ADD COLUMN     "status" "Status" NOT NULL DEFAULT 'draft';
