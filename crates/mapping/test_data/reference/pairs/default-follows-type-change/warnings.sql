/*
  Warnings:

  - The `b` column on the `A` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `d` column on the `A` table would be dropped and recreated. This will lead to data loss if there is data in the column.

*/
