/*
  Warnings:

  - You are about to drop the column `z` on the `T` table. All the data in the column will be lost.
  - You are about to alter the column `c` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Text` to `VarChar(3)`.
  - Added the required column `y` to the `T` table without a default value. This is not possible if the table is not empty.
  - Made the column `b` on table `T` required. This step will fail if there are existing NULL values in that column.

*/
