/*
  Warnings:

  - You are about to drop the column `a` on the `Thing5` table. All the data in the column will be lost.
  - The `c` column on the `Thing5` table would be dropped and recreated. This will lead to data loss if there is data in the column.

*/
-- AlterTable
ALTER TABLE "Thing5" DROP COLUMN "a",
ADD COLUMN     "d" TIMESTAMP(3),
DROP COLUMN "c",
ADD COLUMN     "c" BOOLEAN NOT NULL DEFAULT false;
