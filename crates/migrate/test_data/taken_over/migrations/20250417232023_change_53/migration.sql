/*
  Warnings:

  - You are about to drop the column `a` on the `Thing7` table. All the data in the column will be lost.
  - The `c` column on the `Thing7` table would be dropped and recreated. This will lead to data loss if there is data in the column.

*/
-- AlterTable
ALTER TABLE "Thing7" DROP COLUMN "a",
ADD COLUMN     "d" INTEGER,
DROP COLUMN "c",
ADD COLUMN     "c" INTEGER;
