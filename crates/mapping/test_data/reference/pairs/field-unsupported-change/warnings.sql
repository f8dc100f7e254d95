/*
  Warnings:

  - You are about to drop the column `d` on the `A` table. All the data in the column will be lost.
  - You are about to alter the column `b` on the `A` table. The data in that column could be lost. The data in that column will be cast from `Unsupported("circle")` to `Text`.
  - You are about to alter the column `e` on the `A` table. The data in that column could be lost. The data in that column will be cast from `Text` to `Unsupported("circle")`.
  - The `f` column on the `A` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - Made the column `c` on table `A` required. This step will fail if there are existing NULL values in that column.

*/
