/*
  Warnings:

  - You are about to alter the column `risky` on the `T` table. The data in that column could be lost. The data in that column will be cast from `BigInt` to `Integer`.
  - The `dflt` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `many` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - You are about to alter the column `text` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Text` to `VarChar(10)`.
  - Changed the type of `lost` on the `T` table. No cast exists, the column would be dropped and recreated, which cannot be done if there is data, since the column is required.
  - Added the required column `opt` to the `T` table without a default value. This is not possible if the table is not empty.

*/
