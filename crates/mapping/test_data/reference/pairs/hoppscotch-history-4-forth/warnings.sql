/*
  Warnings:

  - A unique constraint covering the columns `[id]` on the table `Shortcode` will be added. If there are existing duplicate values, this will fail.
  - Added the required column `orderIndex` to the `TeamCollection` table without a default value. This is not possible if the table is not empty.
  - Added the required column `updatedOn` to the `TeamCollection` table without a default value. This is not possible if the table is not empty.
  - Added the required column `orderIndex` to the `TeamRequest` table without a default value. This is not possible if the table is not empty.
  - Added the required column `updatedOn` to the `TeamRequest` table without a default value. This is not possible if the table is not empty.

*/
