/*
  Warnings:

  - The `level` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `many` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `plain` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.

*/
