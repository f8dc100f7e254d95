/*
  Warnings:

  - You are about to drop the column `parentId` on the `Node` table. All the data in the column will be lost.

*/
