/*
  Warnings:

  - The primary key for the `A` table will be changed. If it partially fails, the table could be left without primary key constraint.
  - Changed the type of `id` on the `A` table. No cast exists, the column would be dropped and recreated, which cannot be done if there is data, since the column is required.
  - Changed the type of `aId` on the `B` table. No cast exists, the column would be dropped and recreated, which cannot be done if there is data, since the column is required.

*/
