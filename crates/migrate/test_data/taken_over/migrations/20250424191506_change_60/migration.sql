/*
  Warnings:

  - You are about to drop the column `a` on the `Thing8` table. All the data in the column will be lost.
  - You are about to alter the column `c` on the `Thing8` table. The data in that column could be lost. The data in that column will be cast from `Integer` to `Decimal(12,4)`.

*/
-- AlterTable
ALTER TABLE "Thing8" DROP COLUMN "a",
ADD COLUMN     "d" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ALTER COLUMN "c" SET DATA TYPE DECIMAL(12,4);
