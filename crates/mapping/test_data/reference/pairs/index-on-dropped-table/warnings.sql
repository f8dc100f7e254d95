/*
  Warnings:

  - You are about to drop the column `b` on the `B` table. All the data in the column will be lost.
  - You are about to drop the `A` table. If the table is not empty, all the data it contains will be lost.

*/
