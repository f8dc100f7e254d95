/*
  Warnings:

  - A unique constraint covering the columns `[slug]` on the table `link` will be added. If there are existing duplicate values, this will fail.
  - A unique constraint covering the columns `[slug]` on the table `pixel` will be added. If there are existing duplicate values, this will fail.

*/
