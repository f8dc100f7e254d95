/*
  Warnings:

  - The `b` column on the `A` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c` column on the `A` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - Changed the type of `a` on the `A` table. No cast exists, the column would be dropped and recreated, which cannot be done if there is data, since the column is required.

*/
