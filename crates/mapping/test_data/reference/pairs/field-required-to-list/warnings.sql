/*
  Warnings:

  - The `a` column on the `A` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `b` column on the `A` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - Changed the column `c` on the `A` table from a scalar field to a list field. If there are non-null values in that column, this step will fail.

*/
