/*
  Warnings:

  - You are about to drop the column `a` on the `Thing1` table. All the data in the column will be lost.
  - You are about to alter the column `c` on the `Thing1` table. The data in that column could be lost. The data in that column will be cast from `DoublePrecision` to `Decimal(12,4)`.

*/
-- AlterTable
ALTER TABLE "Thing1" DROP COLUMN "a",
ADD COLUMN     "d" BIGINT,
ALTER COLUMN "c" DROP NOT NULL,
ALTER COLUMN "c" DROP DEFAULT,
ALTER COLUMN "c" SET DATA TYPE DECIMAL(12,4);
