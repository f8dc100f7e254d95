/*
  Warnings:

  - You are about to drop the column `name` on the `A` table. All the data in the column will be lost.
  - A unique constraint covering the columns `[full_name]` on the table `A` will be added. If there are existing duplicate values, this will fail.
  - Added the required column `full_name` to the `A` table without a default value. This is not possible if the table is not empty.

*/
