/*
  Warnings:

  - The primary key for the `Team` table will be changed. If it partially fails, the table could be left without primary key constraint.
  - A unique constraint covering the columns `[id]` on the table `Team` will be added. If there are existing duplicate values, this will fail.
  - A unique constraint covering the columns `[b,a]` on the table `Member` will be added. If there are existing duplicate values, this will fail.
  - Added the required column `code` to the `Team` table without a default value. This is not possible if the table is not empty.

*/
