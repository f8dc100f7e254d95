/*
  Warnings:

  - Changed the type of `a` on the `A` table. No cast exists, the column would be dropped and recreated, which cannot be done if there is data, since the column is required.
  - Changed the type of `b` on the `A` table. No cast exists, the column would be dropped and recreated, which cannot be done if there is data, since the column is required.

*/
