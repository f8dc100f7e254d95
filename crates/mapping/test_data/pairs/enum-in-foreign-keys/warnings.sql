/*
  Warnings:

  - The values [boat] on the enum `Kind` will be removed. If these variants are still used in the database, this will fail.
  - You are about to drop the `Repair` table. If the table is not empty, all the data it contains will be lost.

*/
