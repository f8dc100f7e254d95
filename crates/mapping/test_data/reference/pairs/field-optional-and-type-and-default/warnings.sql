/*
  Warnings:

  - You are about to alter the column `b` on the `A` table. The data in that column could be lost. The data in that column will be cast from `Text` to `VarChar(9)`.
  - You are about to alter the column `c` on the `A` table. The data in that column could be lost. The data in that column will be cast from `DoublePrecision` to `Decimal(65,30)`.
  - Made the column `a` on table `A` required. This step will fail if there are existing NULL values in that column.
  - Made the column `d` on table `A` required. This step will fail if there are existing NULL values in that column.

*/
