/*
  Warnings:

  - Changed the type of `from` on the `select` table. No cast exists, the column would be dropped and recreated, which cannot be done if there is data, since the column is required.

*/
